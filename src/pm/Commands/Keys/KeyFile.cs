using Pm.Cli.Roots;
using Pm.Codecs;
using Pm.Remotes;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Keys;

/// <summary>Files that the commands on keys read; <c>-</c> is standard input.</summary>
static class KeyFile
{
    public const string StandardInput = "-";

    /// <summary>Finds out what is wrong with a file before anything is done.</summary>
    /// <exception cref="CommandException">PM0008: it is not there; PM1011: it is a directory.</exception>
    public static void Require(PmContext context, string file)
    {
        var path = context.FullPath(file);
        if (file != StandardInput && !File.Exists(path))
        {
            throw Directory.Exists(path)
                ? new CommandException(ExitCode.Failed, "PM1011", $"{file} is a directory, and a file is needed")
                : new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {file}");
        }
    }

    /// <summary>Opens a file that somebody signs or has signed, of any size.</summary>
    /// <exception cref="CommandException">PM0008: it is not there; PM1011: it is a directory.</exception>
    public static Stream Open(PmContext context, string file)
    {
        Require(context, file);
        return file == StandardInput
            ? context.Terminal.Input
            : new FileStream(context.FullPath(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Reads a file of keys or a signature; of a longer one only so much that its reader refuses it.</summary>
    public static byte[] Read(PmContext context, string file)
    {
        using var source = Open(context, file);
        return Read(source);
    }

    /// <summary>As <see cref="Read(PmContext, string)"/>, or fetches what a URL names.</summary>
    /// <exception cref="RemoteException">It cannot be had, or has not the digest that its URL names.</exception>
    public static async Task<byte[]> FetchAsync(PmContext context, string text)
    {
        if (!PackageUrl.IsUrl(text))
        {
            return Read(context, text);
        }

        var url = PackageUrl.Parse(text);
        var content = url.Path is { } path ? Read(context, path) : await FetchAsync(context, url);
        return url.Digest is { } expected && Sha256Digest.Of(content) is var actual && actual != expected
            ? throw new RemoteException("PM6006", $"{url}: expected sha256 {expected}, got {actual}")
            : content;
    }

    static async Task<byte[]> FetchAsync(PmContext context, PackageUrl url)
    {
        using var fetchers = new Fetchers(() => HttpAccess.Settings(context));
        var body = await fetchers.OpenAsync(url, OpenPgpProgram.MaximumKeyFileSize, context.Cancellation);
        await using var source = body.Content;
        return Read(source);
    }

    static byte[] Read(Stream source)
    {
        const int limit = OpenPgpProgram.MaximumKeyFileSize + 1;
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while (content.Length < limit && (count = source.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }
}
