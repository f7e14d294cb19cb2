using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>What became of a file's content: known when <see cref="ContentWriters"/> is done with it.</summary>
sealed class KeptContent
{
    public PkgBlob Blob { get; set; }

    public Sha256Digest Digest { get; set; }
}
