using Pm.Cli.Output;
using Pm.Remotes;

namespace Pm.Cli.Ebpf;

/// <summary>A web server, or a directory, with eunomia packages by name: <c>$ECLI_REGISTRY/NAME.json</c>.</summary>
static class EcliRegistry
{
    public const string Variable = "ECLI_REGISTRY";

    const int LongestName = 200;

    /// <summary>Whether one is set, and the word could be a name in it.</summary>
    public static bool MayHave(PmContext context, string name) =>
        context.Variable(Variable) is not null && name.Length <= LongestName
        && name.Split('/').All(part => part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+'));

    /// <summary>Fetches the package of that name.</summary>
    /// <param name="context">The run.</param>
    /// <param name="name">For which <see cref="MayHave"/> is true.</param>
    /// <param name="trustsUrls">Whether <c>--trust</c> was given.</param>
    /// <param name="tried">Where it was looked for before, for messages.</param>
    /// <exception cref="CommandException">PM8068: there is none; PM1104: whoever sits between could send any other.</exception>
    public static async Task<RunSource> FetchAsync(PmContext context, string name, bool trustsUrls, string tried)
    {
        var url = UrlOf(context, name);
        try
        {
            var source = await RunSources.FetchAsync(context, url, trustsUrls || IsVouchedFor(url));
            if (source.Kind is ContentKind.Other or ContentKind.Package)
            {
                var isThere = !source.IsLocal || File.Exists(source.Path);
                source.Dispose();
                throw isThere
                    ? new CommandException(ExitCode.Invalid, "PM8068", $"{Hostile.OneLine(url)}: expected a package of eunomia's, got something else")
                    : new FileNotFoundException(null, source.Path);
            }

            return source;
        }
        catch (Exception e) when (e is RemoteException { Code: "PM6011" } or FileNotFoundException)
        {
            throw new CommandException(
                ExitCode.NotFound, "PM8068", $"no program {Hostile.OneLine(name)}: {tried}, and {Hostile.OneLine(url)} is not there", $"{Variable} says where names are looked for");
        }
    }

    static string UrlOf(PmContext context, string name)
    {
        var text = context.Variable(Variable)!.TrimEnd('/');
        var url = text.StartsWith('/') ? "file://" + text : text;
        return PackageUrl.IsUrl(url) && !url.Contains('#', StringComparison.Ordinal)
            ? $"{url}/{name}.json"
            : throw CommandException.Usage("PM8068", $"{Variable}: expected a URL, got `{Hostile.OneLine(text)}`", $"{Variable}=https://example.org/packages");
    }

    /// <summary>Whoever set the variable trusts that server; a line that anybody can write to is another matter.</summary>
    static bool IsVouchedFor(string url) => PackageUrl.Parse(url) is { Path: not null } or { Url: { Scheme: "https" } or { IsLoopback: true } };
}
