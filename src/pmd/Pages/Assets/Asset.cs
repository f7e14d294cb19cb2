using Pm.Codecs;

namespace Pm.Daemon.Pages.Assets;

/// <summary>A file of the pages themselves, part of the executable. Its URL says its content, so it may be kept for ever.</summary>
sealed class Asset
{
    const int TagDigits = 16;

    Asset(string name, string contentType)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        (Content, ContentType, Digest) = (content, contentType, Sha256Digest.Of(content).ToString()[..TagDigits]);
        Url = $"/assets/{Digest}/{name}";
    }

    public static Asset StyleSheet { get; } = new("pm.css", "text/css; charset=utf-8");

    public static Asset Icon { get; } = new("pm.svg", "image/svg+xml");

    public static IReadOnlyList<Asset> All { get; } = [StyleSheet, Icon];

    public string Url { get; }

    public string Digest { get; }

    public ReadOnlyMemory<byte> Content { get; }

    public string ContentType { get; }
}
