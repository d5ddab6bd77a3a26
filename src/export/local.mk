libpagescape_a_SOURCES +=
