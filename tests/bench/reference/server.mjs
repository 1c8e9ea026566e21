// A plain Socket.IO server: rooms, numbers and acknowledgements, and nothing else. Nobody is asked who they are, nothing is kept.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer((_, response) => response.end("ok"));
const io = new Server(http, { serveClient: false });
const heads = new Map();

io.on("connection", (socket) => {
  socket.on("join", ({ room }, acknowledge) => {
    socket.join(room);
    acknowledge({ ok: true, heads: { [room]: heads.get(room) ?? 0 } });
  });
  socket.on("show_slide", ({ room, number }, acknowledge) => {
    const seq = (heads.get(room) ?? 0) + 1;
    heads.set(room, seq);
    const at = new Date().toISOString();
    const body = { number, title: `Titre ${number}` };
    io.to(room).emit("fact", { stream: room, seq, name: "slide_shown", at, body });
    acknowledge({ ok: true, seq });
  });
});

http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
