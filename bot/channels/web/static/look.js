// Light or dark before the first paint. Loaded without `defer`, so it stays tiny.
(() => {
  try {
    const look = localStorage.getItem("look");
    if (look === "light" || look === "dark") document.documentElement.dataset.look = look;
  } catch {
    // storage forbidden: the device decides
  }
})();
