# The tree itself: layers, translations, what is distributed.
script_tests += tree/layers.sh tree/potfiles.sh
