using System.Text;
using Pm.Daemon.Answers;
using Pm.Daemon.Pages.Errors;
using Pm.Daemon.Pages.Html;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Browsing;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Packages;

/// <summary>A request for a package's page: which package, and which part of what is too long for one page.</summary>
static class PackageRequest
{
    const int MostSuggestions = 5;
    const int LineRoom = 500;
    const int DescriptionRoom = 5_000;

    public static Task AnswerAsync(HttpContext context)
    {
        var repositories = context.RequestServices.GetRequiredService<RepositorySet>();
        var path = (string?)context.Request.RouteValues["path"] ?? "";
        if (repositories.Resolve(path, out var rest) is not { } repository)
        {
            return ErrorAnswers.NothingAsync(context);
        }

        var text = rest.ToString();
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var versions = PackageName.TryParse(at < 0 ? text : text[..at], out var name) ? repository.Catalogue.Versions(name) : [];
        var target = at < 0 ? repository.Catalogue.Newest(name) ?? (versions is [var first, ..] ? first : null)
            : versions.FirstOrDefault(version => version.Package.Version.Text == text[(at + 1)..]);
        return target is null ? NothingAsync(context, repository, text, versions)
            : context.Request.Query["script"].FirstOrDefault() is { } script ? ScriptAsync(context, repository, target, script)
            : PageAnswer.WriteAsync(context, Page(context, repository, target, versions, isExact: at >= 0));
    }

    static PackagePage Page(
        HttpContext context, ServedRepository repository, PublishedTarget target, IReadOnlyList<PublishedTarget> versions, bool isExact)
    {
        var catalogue = repository.Catalogue;
        var package = target.Package;
        var opened = context.RequestServices.GetRequiredService<OpenedPackages>().Open(repository, target);
        var newest = catalogue.Newest(package.Name)?.Package.Version;
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return new PackagePage
        {
            Repository = repository.Namespace,
            Name = package.Name,
            Version = package.Version,
            Heading = package.Title is { } title ? PageRoom.Cut(title, LineRoom) : null,
            Description = PageRoom.Cut(opened?.Description?.Description ?? package.Description, DescriptionRoom),
            Install = $"pm install {(isExact || newest != package.Version ? package.Id.ToString() : package.Name.Text)}",
            Newer = newest is not null && newest > package.Version ? newest : null,
            IsYanked = package.IsYanked,
            YankReason = package.YankReason is { } reason ? PageRoom.Cut(reason, LineRoom) : null,
            Published = repository.PublishedAt(package.Id),
            Size = package.SizeInBytes,
            DownloadSize = package.DownloadSize,
            Trust = PackageTrust.Of(context.Request, repository, target, opened, now),
            Facts = PackageFacts.Of(opened?.Description, package.Provides),
            Versions = VersionList.Of(repository, versions, PageQuery.Number(context.Request, "versions", 0, int.MaxValue)),
            Dependencies = DependencyList.Of(repository, package),
            Files = opened is null ? null : FileList.Of(repository, opened, PageQuery.Number(context.Request, "files", 0, int.MaxValue)),
            Scripts = opened is null ? [] : ScriptText.Of(opened, PageUrls.Package(repository.Namespace, package.Name, package.Version)),
            Unopened = opened is null ? WhyUnopened(target) : null,
        };
    }

    static string WhyUnopened(PublishedTarget target) =>
        target.Package.Hash is null ? "it travels as its .pkg alone: `pm pkg inspect` shows what is in it"
        : target.MetaSizeInBytes > OpenedPackages.MaximumSize ? "it has too many files to be listed here: `pm pkg inspect` shows them"
        : "its list of files is missing or damaged in this repository";

    static Task NothingAsync(HttpContext context, ServedRepository repository, string text, IReadOnlyList<PublishedTarget> versions)
    {
        var suggestions = versions.Count > 0
            ? versions.Take(MostSuggestions).Select(version => new Suggestion(
                version.Package.Id.ToString(), PageUrls.Package(repository.Namespace, version.Package.Name, version.Package.Version)))
            : repository.Catalogue.Suggest(text.Split('@')[0]).Select(name => new Suggestion(name.Text, PageUrls.Package(repository.Namespace, name)));
        var place = repository.Namespace.Length == 0 ? "this repository" : repository.Namespace;
        return PageAnswer.WriteAsync(context, new ErrorPage(
            StatusCodes.Status404NotFound, "PM5208", $"there is no package {PageRoom.Cut(text, LineRoom)} in {place}", "search for another word")
        {
            Suggestions = [.. suggestions],
        });
    }

    /// <summary>A whole script as text: nothing of it is run, and nothing of it is hidden.</summary>
    static Task ScriptAsync(HttpContext context, ServedRepository repository, PublishedTarget target, string script)
    {
        if (!HookNames.TryParse(script, out var moment)
            || context.RequestServices.GetRequiredService<OpenedPackages>().Open(repository, target)?.Hook(moment) is not { } bytes)
        {
            return ErrorAnswers.NothingAsync(context);
        }

        PageHeaders.Add(context.Response.Headers);
        var text = Wording.Lines(Encoding.UTF8.GetString(bytes.Span));
        return TaggedAnswer.WriteAsync(context, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");
    }
}
