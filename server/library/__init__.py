"""The library of approved content: import, approval, withdrawal, and the gate at every display."""
