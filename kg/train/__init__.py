"""Training of the shipped models from annotated articles; needs the ``train`` extra (torch), never at run time."""
