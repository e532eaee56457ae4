/** A service on Nest's TCP transport, as a process. It prints its port; SIGUSR2 makes it cut its connections when it is asked something, or stop doing so. */
import { TcpService } from './tcp-service.js';

let isCutting = false;
process.on('SIGUSR2', () => {
  isCutting = !isCutting;
});

const service = new TcpService((message) => {
  if (!isCutting) return message.answer(process.pid);
  for (const socket of service.sockets) socket.destroy();
});
console.log(`greeter at ${await service.listen()}`);
