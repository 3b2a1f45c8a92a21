// The words of the page, put there by the server in the reader's language.
export const words = JSON.parse(document.body.dataset.words);
export const language = document.documentElement.lang;
// The reader's own way of writing times and days, where it belongs to the same language.
export const region = navigator.language.startsWith(language) ? navigator.language : language;
export const element = (id) => document.getElementById(id);
