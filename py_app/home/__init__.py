"""The home on disk: sessions as Amplifier's command line keeps them, below `~/.amplifier`."""
