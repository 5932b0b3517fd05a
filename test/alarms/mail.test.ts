import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { retryMessage } from '../../src/domain/alarm/outbox-steps.js';
import { TestAuthority } from '../helpers/certificates.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { DeliveryBench, MailBin, offline, plainMail } from './delivery-bench.js';

describe('a mail', () => {
  it('arrives with text, HTML and what mail programs go by', async () => {
    const bin = new MailBin();
    const bench = await DeliveryBench.start({
      settings: plainMail(await bin.listen(), { 'mail.reply-to': 'help@fleet.example' }),
    });
    await bench.enqueue({
      notification: offline('CP001', { name: 'Norra väggen', site: 'Solna' } as object),
    });
    await bench.reached('sent', 1);
    const [mail] = bin.mails;
    expect(mail).toMatchObject({
      subject: 'Offline for 15 minutes: Norra väggen (CP001)',
      from: { value: [{ name: 'Alarms', address: 'alarms@fleet.example' }] },
      to: { value: [{ name: '', address: 'ada@example.org' }] },
      replyTo: { value: [{ address: 'help@fleet.example' }] },
      date: new Date(bench.clock.now()),
      messageId: expect.stringMatching(/^<[0-9a-f-]{36}@fleet.example>$/),
    });
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.text).toContain('Station: Norra väggen (CP001)\nSite: Solna\nSince: Mon');
    expect(mail?.html).toContain('<td style="padding:2px 0;vertical-align:top">Solna</td>');
    expect(bin.envelopes).toEqual([{ from: 'alarms@fleet.example', to: ['ada@example.org'] }]);
    expect(mail?.attachments).toEqual([]);
  });

  it('belongs to the conversation of its outage, and only to that', async () => {
    const bin = new MailBin();
    const bench = await DeliveryBench.start({ settings: plainMail(await bin.listen()) });
    const outage = { threadKey: 'outage-1' };
    await bench.enqueue(outage);
    await bench.enqueue({ ...outage, recipient: 'bob@example.org' });
    await bench.enqueue(outage, outage);
    await bench.enqueue({ threadKey: 'outage-2' });
    await bench.reached('sent', 5);
    const [first, second, third, other] = bin.mails.filter(({ to }) => to?.text === 'ada@example.org');
    expect(first?.inReplyTo).toBeUndefined();
    for (const later of [second, third]) {
      expect(later?.inReplyTo).toBe(first?.messageId);
      expect(later?.references).toEqual(first?.messageId);
      expect(later?.messageId).not.toBe(first?.messageId);
    }
    expect(other?.inReplyTo).toBeUndefined();
    expect(bin.mails.find(({ to }) => to?.text === 'bob@example.org')?.inReplyTo).toBeUndefined();
  });

  it.each([
    ['a line break', 'Wall\r\nBcc: eve@example.org\r\n\r\n<h1>You won</h1>'],
    ['a bare carriage return', 'Wall\rBcc: eve@example.org'],
    ['a bare line feed', 'Wall\nBcc: eve@example.org'],
    ['other line separators', 'Wall\u2028Bcc: eve@example.org\u2029\u0085\u000b\u000c'],
    ['a NUL', 'Wall\u0000Bcc: eve@example.org'],
    ['quotes and brackets', '"Wall" <eve@example.org>, "x'],
    ['an encoded word', '=?utf-8?Q?Wall=0D=0ABcc:_eve@example.org?='],
    ['marks of direction', 'Wall \u202egro.elpmaxe'],
    ['half a character', 'Wall \ud83d'],
    ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>"\' onload='],
    ['nothing but letters', `${'Å'.repeat(3000)}`],
    ['the end of the mail', 'Wall\r\n.\r\nMAIL FROM:<eve@example.org>\r\n'],
  ])('cannot be given a header or markup by a station whose name has %s', async (_, name) => {
    const bin = new MailBin();
    const bench = await DeliveryBench.start({
      settings: plainMail(await bin.listen(), { 'mail.from': '"Fleet, Ltd" <alarms@fleet.example>' }),
    });
    await bench.enqueue({ notification: offline(name, { name: `${name} 2`, site: name } as object) });
    await bench.reached('sent', 1);
    const [mail] = bin.mails;
    expect(mail?.headerLines.map(({ key }) => key).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-auto-response-suppress',
      'x-evfleet-kind',
    ]);
    expect(mail?.from?.value).toEqual([{ name: 'Fleet, Ltd', address: 'alarms@fleet.example' }]);
    expect(mail?.to?.value.map(({ address }) => address)).toEqual(['ada@example.org']);
    expect(bin.envelopes).toEqual([{ from: 'alarms@fleet.example', to: ['ada@example.org'] }]);
    expect(mail?.subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    expect(mail?.subject?.length).toBeLessThanOrEqual(250);
    const tags = [...String(mail?.html).matchAll(/<([a-z0-9]+)/gi)].map(([, tag]) => tag);
    expect(new Set(tags)).toEqual(new Set(['html', 'head', 'meta', 'body', 'p', 'table', 'tr', 'td']));
  });

  it('goes to an address as it is written, and one that is none is given up with a reason', async () => {
    const bin = new MailBin();
    const bench = await DeliveryBench.start({ settings: plainMail(await bin.listen()) });
    await bench.enqueue(
      { recipient: 'a@x.com\r\nRCPT TO:<eve@example.org>' },
      { recipient: 'a@x.com, eve@y.com' },
    );
    await bench.enqueue({ recipient: "O'Neill+x@Example.org" });
    await bench.reached('sent', 1);
    expect(await bench.states()).toEqual(['dead', 'dead', 'sent']);
    expect((await bench.messages())[0]?.lastError).toBe('This address contains control characters.');
    const [, second] = await bench.messages();
    if (second) await bench.write((r) => retryMessage(r, second, bench.clock.now()));
    await bench.attempted(2);
    expect(await bench.states()).toEqual(['dead', 'dead', 'sent']);
    expect(bin.envelopes.map(({ to }) => to)).toEqual([["O'Neill+x@example.org"]]);
  });
});

describe('TLS and login', () => {
  const authority = new TestAuthority();

  async function secured(options: { secure?: boolean } = {}) {
    const logins: (string | undefined)[] = [];
    const bin = new MailBin({
      ...authority.server(),
      ...options,
      authOptional: false,
      onAuth(auth, _session, callback) {
        logins.push(auth.username);
        if (auth.password === 'open sesame') callback(null, { user: auth.username });
        else callback(new Error('Invalid username or password'));
      },
    });
    const caFile = path.join(await temporaryDirectory(), 'ca.pem');
    await writeFile(caFile, authority.cert);
    const login = { 'mail.user': 'alarms', 'mail.password': 'open sesame', 'mail.ca-file': caFile };
    return { bin, logins, settings: plainMail(await bin.listen(), login) };
  }

  it.each([
    ['STARTTLS', 'starttls', {}],
    ['TLS from the start', 'tls', { secure: true }],
  ] as const)('work with %s', async (_, secure, options) => {
    const { bin, logins, settings } = await secured(options);
    const bench = await DeliveryBench.start({ settings: { ...settings, 'mail.secure': secure } });
    await bench.enqueue({});
    await bench.reached('sent', 1);
    expect([bin.mails.length, logins]).toEqual([1, ['alarms']]);
  });

  it('are insisted on: what is not trusted, or offers no TLS, gets neither mail nor password', async () => {
    const { bin, logins, settings } = await secured();
    const plain = new MailBin();
    const plainPort = String(await plain.listen());
    const bench = await DeliveryBench.start({ settings: { ...settings, 'mail.secure': 'starttls' } });
    const { 'mail.ca-file': caFile } = settings;
    await bench.stop();
    await bench.open();
    await bench.store.write((r) => r.settings.remove('mail.ca-file'));
    bench.send();
    await bench.enqueue({});
    await bench.attempted(1);
    expect((await bench.messages())[0]?.lastError).toMatch(
      /^No connection to the mail server: .*certificate/,
    );
    await bench.set({ 'mail.ca-file': String(caFile), 'mail.port': plainPort });
    await bench.attempted(2);
    expect((await bench.messages())[0]?.lastError).toMatch(/STARTTLS|TLS/);
    expect([bin.mails.length, plain.mails.length, logins]).toEqual([0, 0, []]);
  });

  it('that fail for a wrong password are tried again, and work as soon as it is corrected', async () => {
    const { bin, settings } = await secured();
    const bench = await DeliveryBench.start({
      settings: { ...settings, 'mail.secure': 'starttls', 'mail.password': 'hunter2' },
    });
    await bench.enqueue({});
    await bench.attempted(1);
    const [message] = await bench.messages();
    expect(message?.state).toBe('pending');
    expect(message?.lastError).toMatch(/^The mail server refused the login: 535/);
    expect(JSON.stringify([message, bench.log.lines])).not.toContain('hunter2');
    await bench.set({ 'mail.password': 'open sesame' });
    await bench.reached('sent', 1);
    expect(bin.mails.length).toBe(1);
  });
});
