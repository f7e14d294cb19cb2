using Pm.Cli.Output;
using Pm.Cli.Registries;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Oci;
using Pm.Stages.Changes;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary>Packages that are named by a URL: fetched, when somebody or something vouches for the bytes.</summary>
sealed class UrlTargets(PmContext context, bool trustsUrls) : IDisposable
{
    readonly Fetchers _fetchers = new(() => HttpAccess.Settings(context));

    /// <param name="text">As typed.</param>
    /// <param name="downloads">What is fetched is added to them, and lives as long.</param>
    /// <exception cref="CommandException">PM1104: nothing vouches for it.</exception>
    public async Task<LocalFile> FetchAsync(string text, List<DownloadedFile> downloads)
    {
        if (OciReference.IsOne(text))
        {
            return LocalFile.Read(await DownloadAsync(OciReference.Parse(text), downloads), text);
        }

        var url = PackageUrl.Parse(text);
        return Read(await DownloadAsync(url, downloads), url, text);
    }

    /// <summary>Brings the file here, whatever is in it.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="downloads">What is fetched is added to them, and lives as long.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="CommandException">PM1104: nothing vouches for it.</exception>
    public async Task<string> DownloadAsync(PackageUrl url, List<DownloadedFile> downloads)
    {
        if (url.Path is { } path)
        {
            return url.Digest is null ? path : await CopyAsync(url, path, downloads);
        }

        var shown = Hostile.OneLine(url.ToString());
        RequireTrust(shown, url.Digest is not null, $"`{shown}#sha256=HEX` with the digest that its publisher tells, or `--trust`");
        using var progress = new Progress(context, "fetching");
        progress.Describe(url.ToString());
        downloads.Add(await DownloadedFile.FetchAsync(
            _fetchers, url, Scratch(), RootAccess.Observer(context, progress), context.Cancellation));
        return downloads[^1].Path;
    }

    /// <summary>Brings the package or the object of an artifact here. Its digest vouches for it; a tag may be any tomorrow.</summary>
    /// <param name="reference">Where it is.</param>
    /// <param name="downloads">What is fetched is added to them, and lives as long.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="CommandException">PM1104: nothing vouches for it.</exception>
    public async Task<string> DownloadAsync(OciReference reference, List<DownloadedFile> downloads)
    {
        RequireTrust($"{reference}", reference.Digest is not null, $"`{reference}@sha256:HEX` with the digest that its publisher tells, or `--trust`");
        using var client = RegistryAccess.Open(context, reference, allowsPlain: false);
        var image = await RegistryAccess.FindAsync(context, client);
        downloads.Add(await DownloadedFile.WriteAsync(target => RegistryAccess.FetchAsync(context, client, image, target), Scratch()));
        return downloads[^1].Path;
    }

    /// <summary>What the file says it is.</summary>
    public static LocalFile Read(string path, PackageUrl url, string text)
    {
        if (url.Path is not null)
        {
            return LocalFile.Read(path, text);
        }

        try
        {
            return LocalFile.Read(path, url.ToString());
        }
        catch (PackageFormatException e) when (e.Hint is null)
        {
            throw new PackageFormatException(
                e.Code, e.Message, hint: $"is it the URL of a .pkg? `pm remote add {Hostile.OneLine(text)}` is for a repository, `pm doctor URL` looks at the way", inner: e);
        }
    }

    public void Dispose() => _fetchers.Dispose();

    void RequireTrust(string shown, bool hasDigest, string hint)
    {
        if (context.Settings.Offline)
        {
            throw new CommandException(ExitCode.Unreachable, "PM7504", $"{shown} is not on this machine, and --offline was given");
        }

        if (!hasDigest && !trustsUrls)
        {
            throw new CommandException(ExitCode.Refused, "PM1104", $"{shown}: nothing vouches for what this URL gives", hint);
        }
    }

    /// <summary>What the digest was held against is what is installed, though the file is written meanwhile.</summary>
    async Task<string> CopyAsync(PackageUrl url, string path, List<DownloadedFile> downloads)
    {
        downloads.Add(await DownloadedFile.CopyAsync(path, url, Scratch(), context.Cancellation));
        return downloads[^1].Path;
    }

    /// <summary>Beside the root where there is one, as a package may be larger than what is for small files.</summary>
    string Scratch()
    {
        string[] places = context.Settings.DryRun ? [] : [Path.Join(context.Settings.Root, Root.CacheDirectory)];
        return places.Append(context.Variable("TMPDIR") ?? "/var/tmp").Append("/tmp").First(Directory.Exists);
    }
}
