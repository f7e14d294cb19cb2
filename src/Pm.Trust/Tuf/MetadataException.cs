namespace Pm.Trust.Tuf;

/// <summary>Metadata or a key file is not well-formed: bad JSON, a missing or wrong field.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class MetadataException(string message, Exception? inner = null)
    : TrustException("PM3020", message, inner: inner);
