#!/bin/sh
# Prints the deck's source to PDF. Needs Chromium and the Inter typeface (Debian: chromium, fonts-inter; licence SIL OFL 1.1).
set -eu
cd "$(dirname "$0")"
chromium --headless --no-sandbox --no-pdf-header-footer --generate-pdf-document-outline \
  --print-to-pdf=allopurinol-cristers.pdf allopurinol-cristers.html
