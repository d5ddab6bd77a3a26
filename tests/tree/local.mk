# The tree itself: layers, translations, what is distributed.
script_tests += tree/layers.sh tree/errors.sh tree/once.sh tree/tags.sh tree/unused.sh tree/parts.sh tree/comments.sh tree/internals.sh tree/circles.sh tree/states.sh tree/lessons.sh tree/sizes.sh tree/potfiles.sh tree/catalogue.sh tree/format.sh tree/stray.sh tree/translated.sh tree/manual_installed.sh
EXTRA_DIST += tree/marked_words.awk
