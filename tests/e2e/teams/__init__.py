"""Microsoft's own client for bots, its card renderer and its manifest schema, from npm, with the application behind them."""
