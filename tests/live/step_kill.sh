#!/bin/bash
# Processes that are stepped survive their stepper: see step_kill.c. KILLS=2000 for more.
"$BUILDDIR/live/step_kill" "${KILLS:-200}"
