using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pm.Codecs;
using Pm.Packages.Tar;
using Pm.Remotes.Publishing;

namespace Pm.Remotes.Oci;

/// <content>Taking artifacts to a registry. The same file is the same artifact, byte for byte.</content>
public sealed partial class OciClient
{
    const int ReadableMode = 0x1a4; // 0644

    /// <summary>Pushes a file under the reference's tag: blobs first, so that what the tag names is whole.</summary>
    /// <returns>With the digest of its manifest.</returns>
    /// <exception cref="RemoteException">PM6061, PM6066: the registry refuses it; else it cannot be reached.</exception>
    public async Task<OciReference> PushAsync(OciUpload upload, Action<long>? sent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(upload);
        var (configuration, layer, artifactType) = PartsOf(upload);
        await PushAsync(configuration, null, cancellation);
        await PushAsync(layer, sent, cancellation);
        var manifest = OciBlob.Of(OciMediaTypes.Manifest, WriteManifest(upload, configuration, layer, artifactType));
        if (upload.Form is not OciForm.Gadget)
        {
            return await PutManifestAsync(manifest, _reference.Tag, cancellation);
        }

        // Its users look for an index, with one manifest for each kind of machine.
        await PutManifestAsync(manifest, null, cancellation);
        return await PutManifestAsync(OciBlob.Of(OciMediaTypes.Index, WriteIndex(manifest, upload.Architecture)), _reference.Tag, cancellation);
    }

    static (OciBlob Configuration, OciBlob Layer, string? ArtifactType) PartsOf(OciUpload upload)
    {
        switch (upload.Form)
        {
            case OciForm.Package:
                return (OciBlob.Of(OciMediaTypes.Empty, "{}"u8.ToArray()), OciBlob.OfFile(OciMediaTypes.PackageLayer, upload.Path), OciMediaTypes.Package);
            case OciForm.Eunomia:
                return (OciBlob.Of(OciMediaTypes.Empty, "{}"u8.ToArray()), OciBlob.OfFile(OciMediaTypes.EunomiaLayer, upload.Path), OciMediaTypes.Eunomia);
            case OciForm.Gadget:
                return (OciBlob.Of(OciMediaTypes.GadgetConfiguration, upload.Configuration), OciBlob.OfFile(OciMediaTypes.GadgetProgram, upload.Path), OciMediaTypes.Gadget);
            default:
                var archive = Archive(upload);
                return (OciBlob.Of(OciMediaTypes.ImageConfiguration, WriteConfiguration(upload, archive)), OciBlob.Of(OciMediaTypes.CompressedLayer, Compressed(archive)), null);
        }
    }

    static byte[] Archive(OciUpload upload)
    {
        using var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        writer.WriteFile(upload.Title, ReadableMode, File.ReadAllBytes(upload.Path));
        writer.Finish();
        return archive.ToArray();
    }

    static byte[] Compressed(byte[] archive)
    {
        using var target = new MemoryStream();
        using (var compressor = Compressor.Open(target, Compression.Gzip, leaveOpen: true))
        {
            compressor.Write(archive);
        }

        return target.ToArray();
    }

    static byte[] WriteConfiguration(OciUpload upload, byte[] archive) => Write(json =>
    {
        json.WriteString("architecture"u8, upload.Architecture);
        json.WriteString("os"u8, "linux"u8);
        json.WriteStartObject("config"u8);
        WriteTexts(json, "Labels", upload.Labels);
        json.WriteEndObject();
        json.WriteStartObject("rootfs"u8);
        json.WriteString("type"u8, "layers"u8);
        json.WriteStartArray("diff_ids"u8);
        json.WriteStringValue($"sha256:{Sha256Digest.Of(archive)}");
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static byte[] WriteManifest(OciUpload upload, OciBlob configuration, OciBlob layer, string? artifactType) => Write(json =>
    {
        json.WriteNumber("schemaVersion"u8, 2);
        json.WriteString("mediaType"u8, OciMediaTypes.Manifest);
        if (artifactType is not null)
        {
            json.WriteString("artifactType"u8, artifactType);
        }

        json.WriteStartObject("config"u8);
        WriteDescriptor(json, configuration.Descriptor);
        json.WriteEndObject();
        json.WriteStartArray("layers"u8);
        json.WriteStartObject();
        WriteDescriptor(json, layer.Descriptor);
        WriteTexts(json, "annotations", new Dictionary<string, string> { [OciAnnotations.Title] = upload.Title });
        json.WriteEndObject();
        json.WriteEndArray();
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [OciAnnotations.Title] = upload.Title };
        Add(OciAnnotations.Version, upload.Version);
        Add(OciAnnotations.Description, upload.Description);
        WriteTexts(json, "annotations", annotations);

        void Add(string name, string? text)
        {
            if (!string.IsNullOrEmpty(text))
            {
                annotations[name] = text;
            }
        }
    });

    static byte[] WriteIndex(OciBlob manifest, string architecture) => Write(json =>
    {
        json.WriteNumber("schemaVersion"u8, 2);
        json.WriteString("mediaType"u8, OciMediaTypes.Index);
        json.WriteString("artifactType"u8, OciMediaTypes.Gadget);
        json.WriteStartArray("manifests"u8);
        json.WriteStartObject();
        WriteDescriptor(json, manifest.Descriptor);
        json.WriteStartObject("platform"u8);
        json.WriteString("architecture"u8, architecture);
        json.WriteString("os"u8, "linux"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    static void WriteDescriptor(Utf8JsonWriter json, OciDescriptor descriptor)
    {
        json.WriteString("mediaType"u8, descriptor.MediaType);
        json.WriteString("digest"u8, $"sha256:{descriptor.Digest}");
        json.WriteNumber("size"u8, descriptor.Size);
    }

    static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> texts)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in texts)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    async Task PushAsync(OciBlob blob, Action<long>? sent, CancellationToken cancellation)
    {
        var digest = $"sha256:{blob.Descriptor.Digest}";
        var known = await _connection.SendAsync(HttpMethod.Head, _connection.Place($"blobs/{digest}"), _ => null, cancellation);
        if (known.Has(blob.Descriptor))
        {
            sent?.Invoke(blob.Descriptor.Size);
            return;
        }

        var begin = _connection.Place("blobs/uploads/");
        var begun = await _connection.SendAsync(HttpMethod.Post, begin, _ => new ByteArrayContent([]), cancellation);
        var place = UploadPlace(begin, begun.Location, digest);
        using var file = blob.Path is null ? null : File.OpenHandle(blob.Path);
        long counted = 0;
        RequireSame(blob, await _connection.SendAsync(HttpMethod.Put, place, patience => file is null ? Content(blob) : new UploadBody(file, 0, blob.Descriptor.Size, patience, Count), cancellation));

        if (file is null)
        {
            Count(blob.Descriptor.Size);
        }

        // What is sent twice is counted once.
        void Count(long upTo)
        {
            sent?.Invoke(Math.Max(0, upTo - counted));
            counted = Math.Max(counted, upTo);
        }
    }

    async Task<OciReference> PutManifestAsync(OciBlob manifest, string? tag, CancellationToken cancellation)
    {
        var selector = tag ?? $"sha256:{manifest.Descriptor.Digest}";
        RequireSame(manifest, await _connection.SendAsync(HttpMethod.Put, _connection.Place($"manifests/{selector}"), _ => Content(manifest), cancellation));
        return _reference with { Digest = manifest.Descriptor.Digest };
    }

    void RequireSame(OciBlob blob, OciAnswer answer)
    {
        if (answer.IsOther(blob.Descriptor))
        {
            throw new RemoteException("PM6067", $"{_reference}: the registry took other bytes than were sent: expected sha256:{blob.Descriptor.Digest}, got {Trust.ShownText.Of(answer.Digest!)}");
        }
    }

    static ByteArrayContent Content(OciBlob blob)
    {
        var content = new ByteArrayContent(blob.Bytes.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", blob.Descriptor.MediaType is OciMediaTypes.Manifest or OciMediaTypes.Index ? blob.Descriptor.MediaType : "application/octet-stream");
        return content;
    }

    /// <summary>Where a registry wants the blob: at itself, or its password went to somebody else.</summary>
    Uri UploadPlace(Uri from, string? location, string digest)
    {
        if (location is null)
        {
            throw new RemoteException("PM6066", $"{_reference}: expected a place for the upload, at {from.Authority}; the registry names none");
        }

        if (!Uri.TryCreate(from, location, out var place)
            || Uri.Compare(from, place, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw new RemoteException("PM6066", $"{_reference}: the registry sends the upload to `{Trust.ShownText.Of(location)}`, which is not at {from.Authority}");
        }

        return new UriBuilder(place) { UserName = "", Password = "", Query = $"{place.Query.TrimStart('?')}{(place.Query.Length > 1 ? "&" : "")}digest={digest}", Fragment = "" }.Uri;
    }
}
