using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Tar;
using Pm.Remotes.Http;

namespace Pm.Remotes.Oci;

/// <summary>Brings artifacts from a registry, and takes them there. Every byte is held against the digest that names it.</summary>
public sealed partial class OciClient : IDisposable
{
    const int Step = 128 << 10;

    readonly OciReference _reference;
    readonly OciConnection _connection;

    /// <param name="reference">Which artifact.</param>
    /// <param name="settings">How HTTP is spoken.</param>
    /// <param name="credentials">Who pm is at a host; null: nobody.</param>
    /// <param name="allowsPlain">Whether somebody said that the way without TLS is safe; to this machine it is.</param>
    public OciClient(OciReference reference, HttpSettings settings, Func<string, OciCredentials?> credentials, bool allowsPlain)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(credentials);
        (_reference, _connection) = (reference, new OciConnection(reference, settings, credentials, allowsPlain));
    }

    /// <summary>What the name stands for, and how it holds what pm runs.</summary>
    /// <param name="platform">Of this machine, as Go writes it: <c>linux/amd64</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RemoteException">PM6061 to PM6064, PM6068: it is not there, or nothing for pm.</exception>
    public async Task<OciImage> FindAsync(string platform, CancellationToken cancellation)
    {
        var (reference, manifest) = await ReadManifestAsync(_reference, cancellation);
        if (manifest.IsIndex)
        {
            var chosen = Choose(manifest, platform);
            (reference, manifest) = await ReadManifestAsync(_reference with { Digest = chosen.Digest }, cancellation, chosen.Size);
            if (manifest.IsIndex)
            {
                throw new RemoteException("PM6063", $"{reference}: not what a registry keeps: an index in an index");
            }
        }

        return await RecognizeAsync(reference, manifest, cancellation);
    }

    /// <summary>Writes the package or the object that it holds.</summary>
    /// <param name="image">As found.</param>
    /// <param name="target">Counts only when this returns.</param>
    /// <param name="received">Told of bytes that came.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RemoteException">PM6064: nothing for pm is in it; PM6067: other bytes came than were named.</exception>
    public async Task FetchAsync(OciImage image, Stream target, Action<long>? received, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(target);
        if (image.Form is not OciForm.Bpfman)
        {
            await CopyAsync(image.Blob, target, received, cancellation);
            return;
        }

        using var layer = new MemoryStream();
        await CopyAsync(image.Blob, layer, received, cancellation);
        layer.Position = 0;
        Unpack(image, layer, target);
    }

    public void Dispose() => _connection.Dispose();

    async Task<(OciReference Reference, OciManifest Manifest)> ReadManifestAsync(OciReference reference, CancellationToken cancellation, long? size = null)
    {
        var bytes = await _connection.ReadAsync($"manifests/{reference.Selector}", OciMediaTypes.AnyManifest, OciLimits.Manifest, cancellation)
            ?? throw new RemoteException("PM6062", $"{reference}: the registry has no such artifact");
        var digest = Sha256Digest.Of(bytes);
        if (reference.Digest is { } expected && digest != expected)
        {
            throw Other(expected, digest);
        }

        CheckSize(size ?? bytes.Length, bytes.Length);
        return (reference with { Digest = digest }, OciManifest.Read(bytes, $"{reference}"));
    }

    OciDescriptor Choose(OciManifest index, string platform)
    {
        var chosen = index.Manifests.FirstOrDefault(m => m.Platform == platform) ?? (index.Manifests is [{ Platform: null } only] ? only : null);
        return chosen ?? throw new RemoteException(
            "PM6068", $"{_reference}: nothing for {platform} is in it; it has {Trust.ShownText.Of(string.Join(", ", index.Manifests.Select(m => m.Platform ?? "one that says nothing")))}");
    }

    async Task<OciImage> RecognizeAsync(OciReference reference, OciManifest manifest, CancellationToken cancellation)
    {
        var name = Path.GetFileName(reference.Repository);
        if (manifest.Layers.FirstOrDefault(l => l.MediaType is OciMediaTypes.PackageLayer) is { } package)
        {
            return new OciImage(Bounded(package, OciLimits.Package)) { Reference = reference, Form = OciForm.Package, Name = PlainName(package.Title) ?? $"{name}.pkg" };
        }

        if ((manifest.Layers.FirstOrDefault(l => l.MediaType is OciMediaTypes.EunomiaLayer) ?? (manifest.Layers is [{ MediaType: OciMediaTypes.Json } alone] ? alone : null)) is { } json)
        {
            return new OciImage(Bounded(json, OciLimits.Object)) { Reference = reference, Form = OciForm.Eunomia, Name = PlainName(json.Title) ?? $"{name}.json" };
        }

        if (manifest.Layers.FirstOrDefault(l => l.MediaType is OciMediaTypes.GadgetProgram) is { } program)
        {
            return new OciImage(Bounded(program, OciLimits.Object)) { Reference = reference, Form = OciForm.Gadget, Name = $"{name}.bpf.o" };
        }

        if (manifest.Layers is [var layer] && OciMediaTypes.CompressionOf(layer.MediaType) is { } compression)
        {
            var bytes = await ReadBytesAsync(Bounded(manifest.Configuration!, OciLimits.Configuration), cancellation);
            var labels = OciManifest.ReadLabels(bytes, $"{reference}");
            if (labels.Keys.Any(label => label.StartsWith(OciAnnotations.Ebpf, StringComparison.Ordinal)))
            {
                return new OciImage(Bounded(layer, OciLimits.Object))
                {
                    Reference = reference,
                    Form = OciForm.Bpfman,
                    Name = $"{name}.bpf.o",
                    Compression = compression,
                    Member = labels.GetValueOrDefault(OciAnnotations.OldFile),
                };
            }
        }

        throw manifest.Layers.Any(l => OciMediaTypes.WebAssembly.Contains(l.MediaType))
            ? new RemoteException("PM6064", $"{reference}: a WebAssembly module, which pm does not run")
            : new RemoteException("PM6064", $"{reference}: neither a package nor an eBPF object is in it: {Trust.ShownText.Of(string.Join(", ", manifest.Layers.Select(l => l.MediaType).Distinct()))}");
    }

    async Task<byte[]> ReadBytesAsync(OciDescriptor blob, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await CopyAsync(blob, bytes, null, cancellation);
        return bytes.ToArray();
    }

    async Task CopyAsync(OciDescriptor blob, Stream target, Action<long>? received, CancellationToken cancellation)
    {
        using var source = await _connection.OpenBlobAsync(blob, cancellation);
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        var buffer = new byte[Step];
        var count = 0L;
        for (int read; (read = await source.ReadAsync(buffer, cancellation)) > 0;)
        {
            digest.Append(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            received?.Invoke(read);
            count += read;
        }

        var bytes = new byte[Sha256Digest.Size];
        digest.Finish(bytes);
        if (new Sha256Digest(bytes) is var actual && actual != blob.Digest)
        {
            throw Other(blob.Digest, actual);
        }

        CheckSize(blob.Size, count);
    }

    /// <summary>Of another length than was named it is not to be trusted, also where its digest is right. Source: OCI image specification 1.1, "Descriptors", `size`.</summary>
    void CheckSize(long expected, long actual)
    {
        if (actual != expected)
        {
            throw new RemoteException("PM6067", $"{_reference}: the registry named {expected} bytes, and gave {actual}");
        }
    }

    /// <summary>The object at the root of the archive: that of the name, else the only one.</summary>
    static void Unpack(OciImage image, Stream layer, Stream target)
    {
        try
        {
            using var plain = new LimitedStream(Decompressor.Open(layer, image.Compression, leaveOpen: true), OciLimits.Unpacked, $"{image.Reference}");
            var reader = new TarReader(plain, TarLimits.Default, $"{image.Reference}");
            byte[]? found = null;
            for (var count = 0; count < OciLimits.Members && reader.Next() is { } entry; count++)
            {
                var name = entry.Path.StartsWith("./", StringComparison.Ordinal) ? entry.Path[2..] : entry.Path.TrimStart('/');
                if (entry.Kind is not TarEntryKind.File || name.Contains('/', StringComparison.Ordinal) || !IsMeant(name, image.Member))
                {
                    continue;
                }

                if (entry.Size > OciLimits.Object)
                {
                    throw new RemoteException("PM6004", $"{image.Reference}: `{Trust.ShownText.Of(name)}`: expected at most {OciLimits.Object} bytes, got {entry.Size}");
                }

                found = found is null ? new byte[entry.Size] : throw new RemoteException("PM6064", $"{image.Reference}: several objects are in it, and nothing says which is meant");
                reader.Data.ReadExactly(found);
            }

            target.Write(found ?? throw new RemoteException("PM6064", $"{image.Reference}: no object is in its layer"));
        }
        catch (Exception e) when (e is PackageFormatException or CodecException { Code: not "PM8005" } or EndOfStreamException)
        {
            throw new RemoteException("PM6063", $"{image.Reference}: not what a registry keeps: {e.Message}", inner: e);
        }
    }

    static bool IsMeant(string name, string? member) => member is null ? name.EndsWith(".o", StringComparison.Ordinal) : name == Path.GetFileName(member);

    OciDescriptor Bounded(OciDescriptor blob, long limit) => blob.Size <= limit
        ? blob
        : throw new RemoteException("PM6004", $"{_reference}: expected at most {limit} bytes, got {blob.Size}");

    RemoteException Other(Sha256Digest expected, Sha256Digest actual) =>
        new("PM6067", $"{_reference}: the registry gave other bytes than it named: expected sha256 {expected}, got {actual}");

    /// <summary>A name out of an artifact, where it is one of a file and nothing else.</summary>
    static string? PlainName(string? title) => title is { Length: > 0 and <= 255 } && title[0] != '.' && title.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '~') ? title : null;
}
