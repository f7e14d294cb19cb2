using Pm.Trust.OpenPgp;

namespace Pm.Storage;

/// <summary>A key that was imported.</summary>
/// <param name="Key">As the ring has it now.</param>
/// <param name="IsNew">Whether the ring did not hold it before.</param>
public sealed record ImportedKey(KnownKey Key, bool IsNew);
