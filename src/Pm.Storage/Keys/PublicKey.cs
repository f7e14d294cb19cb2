namespace Pm.Storage.Keys;

/// <summary>A public key and what gpg reads in it.</summary>
/// <param name="Listing">Its fingerprint, user ids and dates.</param>
/// <param name="Bytes">A transferable public key, binary. Source: RFC 4880, 11.1.</param>
public sealed record PublicKey(KeyListing Listing, ReadOnlyMemory<byte> Bytes);
