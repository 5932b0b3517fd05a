/** Where images of firmware lie. An image comes in pieces, so that it may come from another machine. */
export interface FirmwareFiles {
  /** Makes room for a new image; gives the id of the upload. Uploads that were given up long ago are removed. */
  begin(): Promise<string>;
  /**
   * Adds a piece. @returns how many bytes are there now
   * @throws FleetError NOT_FOUND without such an upload, CONFLICT when `offset` is not where the last piece ended
   */
  append(uploadId: string, offset: number, piece: Uint8Array): Promise<number>;
  /** Size and SHA-256 of what has come. @throws FleetError NOT_FOUND */
  measure(uploadId: string): Promise<{ sizeBytes: number; sha256: string }>;
  /** The upload becomes the image with this uuid; it is on disk when this resolves. */
  keep(uploadId: string, imageUuid: string): Promise<void>;
  /** Does nothing when there is no such upload. */
  giveUp(uploadId: string): Promise<void>;
  /** Does nothing when it is gone. */
  remove(imageUuid: string): Promise<void>;
  /** Absolute. */
  pathOf(imageUuid: string): string;
}
