"""The store on disk: its folder, its finished generations, and the archive behind them."""
