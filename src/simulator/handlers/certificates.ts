import type { Handler } from './handler.js';

/** Security white paper, CertificateSigned. Where it is what opens the connection, a new connection follows at once. */
export const certificateSigned: Handler<'CertificateSigned'> = ({ certificateChain }, station) => {
  const status = station.security.install(certificateChain);
  const isInUse = status === 'Accepted' && station.security.profile === 3;
  return { response: { status }, ...(isInUse ? { after: () => station.reconnect() } : {}) };
};

/** Security white paper, InstallCertificate. */
export const installCertificate: Handler<'InstallCertificate'> = (request, station) => ({
  response: { status: station.security.installRoot(request) },
});

/** Security white paper, GetInstalledCertificateIds. */
export const getInstalledCertificateIds: Handler<'GetInstalledCertificateIds'> = (request, station) => {
  const certificateHashData = station.security.roots.list(request.certificateType);
  if (certificateHashData.length === 0) return { response: { status: 'NotFound' } };
  return { response: { status: 'Accepted', certificateHashData: [...certificateHashData] } };
};

/** Security white paper, DeleteCertificate. */
export const deleteCertificate: Handler<'DeleteCertificate'> = (request, station) => ({
  response: { status: station.security.deleteRoot(request) },
});
