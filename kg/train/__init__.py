"""How the shipped models are made from annotated articles; fitting the networks needs the ``train`` extra (torch)."""
