namespace Pm.Blobs;

/// <summary>How a file's bytes come into memory while they are hashed.</summary>
public enum FileReading
{
    /// <summary>Copied by the kernel: right for every file; one thread hashes some 12% slower than it could.</summary>
    Copied,

    /// <summary>Mapped: as fast as memory, but only for files that nobody else writes. A file cut short meanwhile, or a
    /// disk that cannot read a page, ends the process (SIGBUS).</summary>
    Mapped,
}
