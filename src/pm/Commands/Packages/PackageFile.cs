using Pm.Packages;
using Pm.Packages.Far;
using Pm.Packages.Pkg;

namespace Pm.Cli.Commands.Packages;

/// <summary>A package in a file, <c>.pkg</c> or <c>.far</c>, told by its first bytes.</summary>
sealed class PackageFile : IDisposable
{
    readonly PkgArchive? _pkg;
    readonly FarArchive? _far;

    PackageFile(PkgArchive? pkg, FarArchive? far) => (_pkg, _far) = (pkg, far);

    public PkgArchive? Pkg => _pkg;

    public bool IsFar => _far is not null;

    /// <summary>What the publisher signed; null: nothing says.</summary>
    public ReadOnlyMemory<byte>? Manifest { get; private init; }

    public ReadOnlyMemory<byte>? Signature { get; private init; }

    /// <param name="context">The run.</param>
    /// <param name="file">Its path.</param>
    /// <param name="allowsOutsideLinks">It is only looked at: where its links lead does not matter.</param>
    /// <param name="name">What messages call it; null: by its path.</param>
    public static PackageFile Open(PmContext context, string file, bool allowsOutsideLinks = false, string? name = null)
    {
        var stream = InputFile.Open(context, file);
        try
        {
            var head = new byte[FarFormat.Magic.Length];
            var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            return head.AsSpan(0, count).SequenceEqual(FarFormat.Magic)
                ? OpenFar(context, stream, file, name ?? file)
                : OpenPkg(stream, name ?? file, allowsOutsideLinks);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes all contents into <paramref name="sink"/>, everything verified but the signature.</summary>
    public Package Expand(IBlobSink sink) => _pkg?.Expand(sink) ?? _far!.Expand(sink);

    public void Dispose()
    {
        _pkg?.Dispose();
        _far?.Dispose();
    }

    static PackageFile OpenPkg(FileStream stream, string file, bool allowsOutsideLinks)
    {
        var pkg = PkgArchive.Open(stream, file, PkgLimits.Default with { AllowsOutsideLinks = allowsOutsideLinks });
        return new PackageFile(pkg, null) { Manifest = pkg.SignedManifest, Signature = pkg.SignedBy };
    }

    static PackageFile OpenFar(PmContext context, FileStream stream, string file, string name)
    {
        var far = FarArchive.Open(stream, name);
        return new PackageFile(null, far)
        {
            Manifest = Sidecar(context, file + FarArchive.ManifestSuffix),
            Signature = Sidecar(context, file + FarArchive.SignatureSuffix),
        };
    }

    static ReadOnlyMemory<byte>? Sidecar(PmContext context, string file)
    {
        if (!File.Exists(context.FullPath(file)))
        {
            return default(ReadOnlyMemory<byte>?);
        }

        using var stream = InputFile.Open(context, file);
        if (stream.Length > ChecksumList.MaximumSize)
        {
            throw new CommandException(ExitCode.Invalid, "PM2203", $"{file}: at most {ChecksumList.MaximumSize} bytes, got {stream.Length}");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
