namespace Pm.Codecs;

/// <summary>How bytes are compressed.</summary>
public enum Compression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Source: RFC 1952.</summary>
    Gzip,

    /// <summary>Source: bzip2 and libbzip2 manual.</summary>
    Bzip2,

    /// <summary>Source: the .xz file format 1.1.0.</summary>
    Xz,

    /// <summary>Source: RFC 8878.</summary>
    Zstandard,
}
