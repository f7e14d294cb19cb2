namespace Pm.Trust.Tuf;

/// <summary>Metadata that was believed, and its bytes exactly as they were received.</summary>
public sealed record Verified<T>(T Content, ReadOnlyMemory<byte> Bytes) where T : RoleMetadata;
