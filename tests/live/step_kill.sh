#!/bin/bash
# Processes that are stepped outlive the one who steps them: see step_kill.c. KILLS=2000 for more.
"$BUILDDIR/live/step_kill" "${KILLS:-200}"
