import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PassivePorts } from '../../../src/server/files/ftp-data.js';
import { FtpServer } from '../../../src/server/files/ftp-server.js';
import type { TransferDesk } from '../../../src/server/files/transfer-desk.js';
import { FileBench } from './file-bench.js';

describe('ports for FTP', () => {
  const taken = async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    return (other.address() as AddressInfo).port;
  };

  it('say so when another program has one, and which flag names another', async () => {
    const port = await taken();
    const range = { first: 0, last: 0 };
    const options = { host: '127.0.0.1', port, passivePorts: range, tls: undefined };
    await expect(FtpServer.listen({} as TransferDesk, options)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 (FTP) is in use by another program.`,
      suggestions: [`evfleet serve --ftp-port ${port + 1}`],
    });
  });

  it('for data are refused when other programs have all of them', async () => {
    const first = await taken();
    const ports = new PassivePorts({ first, last: first });
    for (let again = 0; again < 2; again += 1) {
      await expect(ports.listen(net.createServer(), '127.0.0.1')).rejects.toMatchObject({
        message: `all passive ports (${first}-${first}) are taken`,
      });
    }
  });

  it('take so many connections, and tell the next that there are too many', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const port = Number(new URL(url).port);
    const crowd = await Promise.all(
      Array.from({ length: 256 }, async () => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        onTestFinished(() => void socket.destroy());
        await once(socket, 'data');
        return socket;
      }),
    );
    const late = net.connect(port, '127.0.0.1');
    const [said] = await once(late, 'data');
    expect(String(said)).toBe('421 Too many connections.\r\n');
    await once(late, 'close');
    expect(bench.log.text).toContain('file transfer refused: too many FTP connections');
    crowd[0]?.destroy();
    await bench.until(async () => {
      const next = net.connect(port, '127.0.0.1');
      const [greeting] = await once(next, 'data');
      next.destroy();
      return String(greeting).startsWith('220');
    });
  });
});
