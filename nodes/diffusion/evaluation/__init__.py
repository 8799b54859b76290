"""How well a text-to-image model has learnt a data set of drawings.

Three measures: whether a picture is nearest to the drawing that its prompt names (retrieval), how
well the autoencoder keeps drawings (reconstruction), and whether the background has the named
colour (backgrounds).
"""
