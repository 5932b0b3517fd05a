/** Takes the requests of stations for certificates: a port, so that messages of any OCPP version get there. */
export interface CertificateDesk {
  /**
   * Checks a request and keeps it; its certificate comes later, by a message of its own.
   * @param csr as the station sent it
   * @returns why it is refused; undefined once it is accepted, and on disk
   */
  receive(
    station: { readonly uuid: string; readonly id: string },
    csr: string,
    receivedAt: number,
  ): Promise<string | undefined>;
}

/** Where nobody signs anything. */
export const closedDesk: CertificateDesk = {
  receive: async () => 'no certificate authority is set up',
};
