using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Pm.Torture.Gear;

/// <summary>A registry of containers with one package, for as long as this process lives: what is pulled from it is always the same.</summary>
static class SampleImage
{
    const string Repository = "tools/pulled";

    static readonly byte[] Layer = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 / 3))];

    static readonly byte[] Configuration = "{}"u8.ToArray();

    static readonly byte[] Manifest = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
        {"schemaVersion":2,"artifactType":"application/vnd.pm.package.v1",
        "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{Digest(Configuration)}}","size":{{Configuration.Length}}},
        "layers":[{"mediaType":"application/vnd.pm.package.v1+tar","digest":"{{Digest(Layer)}}","size":{{Layer.Length}}}]}
        """));

    static readonly Lazy<int> Port = new(Listen);

    public static string Reference => string.Create(CultureInfo.InvariantCulture, $"oci://127.0.0.1:{Port.Value}/{Repository}:1");

    static int Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        new Thread(() =>
        {
            while (true)
            {
                var client = listener.AcceptTcpClient();
                ThreadPool.QueueUserWorkItem(_ => Answer(client));
            }
        })
        { IsBackground = true }.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static void Answer(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var path = reader.ReadLine()?.Split(' ').ElementAtOrDefault(1);
            while (reader.ReadLine() is { Length: > 0 })
            {
                // Nothing of the headers matters here.
            }

            var body = path == $"/v2/{Repository}/manifests/1" ? Manifest
                : new[] { Layer, Configuration }.FirstOrDefault(blob => path == $"/v2/{Repository}/blobs/{Digest(blob)}");
            stream.Write(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"HTTP/1.1 {(body is null ? "404 Not Found" : "200 OK")}\r\nContent-Length: {body?.Length ?? 0}\r\nConnection: close\r\n\r\n")));
            stream.Write(body ?? []);
        }
        catch (IOException)
        {
            // Who asked was killed: that is what this is for.
        }
    }

    static string Digest(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
