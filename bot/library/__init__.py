"""Content as typed, frozen values. Import the module you need: this file stays empty so that the rules load no YAML."""
