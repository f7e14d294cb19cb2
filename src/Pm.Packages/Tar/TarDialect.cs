namespace Pm.Packages.Tar;

/// <summary>Which layout the bytes behind the common fields of a header have.</summary>
enum TarDialect
{
    /// <summary>Seventh Edition: no magic, no prefix.</summary>
    V7,

    /// <summary>POSIX: a prefix of 155 bytes; pax is this with extension headers.</summary>
    Ustar,

    /// <summary>Jörg Schilling's star: a prefix of 131 bytes, then times.</summary>
    Star,

    /// <summary>GNU: no prefix; long names and sparse maps of its own.</summary>
    Gnu,
}
