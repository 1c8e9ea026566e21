"""Where people meet the server: pages, sockets, identity, templates and translations."""
