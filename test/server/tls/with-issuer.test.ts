import { expect, it } from 'vitest';
import { withIssuer } from '../../../src/server/tls/with-issuer.js';
import { TestAuthority } from '../../helpers/certificates.js';

const [authority, other] = [new TestAuthority(), new TestAuthority()];
const { cert } = authority.server();

it('a certificate alone gets its issuer behind it, if that is at hand', () => {
  expect(withIssuer(cert, [authority.cert])).toBe(`${cert}${authority.cert}`);
  expect(withIssuer(cert, [])).toBe(cert);
});

it('one that comes with others is left as it is', () => {
  const chain = cert + other.cert;
  expect(withIssuer(chain, [authority.cert])).toBe(chain);
});
