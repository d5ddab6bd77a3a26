# The tree itself: layers, translations, what is distributed.
script_tests += tree/layers.sh tree/circles.sh tree/potfiles.sh tree/catalogue.sh tree/format.sh tree/stray.sh tree/translated.sh tree/manual_installed.sh
EXTRA_DIST += tree/marked_words.awk
