// Usage: dead-socket.mjs <compiled store> <socket file>
// Listens, then dies as in a power cut: the file stays.
import net from 'node:net';

net.createServer().listen(process.argv[3], () => process.kill(process.pid, 'SIGKILL'));
