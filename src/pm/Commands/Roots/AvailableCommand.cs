using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm available [NAME…]</c></summary>
static class AvailableCommand
{
    public const string Summary = "list every version of every package on offer";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "only packages of these names",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var yanked = new Option<bool>("--yanked") { Description = "show versions that were withdrawn, too" };
        return new CommandDeclaration
        {
            Arguments = [names],
            Options = [yanked],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound],
            Complete = RootCompletion.Offered,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(names) ?? [], parsed.Given(yanked))),
        };
    }

    static ExitCode Run(PmContext context, IReadOnlyList<string> texts, bool withYanked)
    {
        var names = InstalledNames.Parse(texts);
        using var session = RootAccess.TryOpen(context);
        var index = session?.Catalogue.Index ?? PackageIndex.Empty;
        foreach (var name in names.Where(n => index.Versions(n).Count == 0))
        {
            throw PackageNames.Unknown(context, session, new Dependency(name, null));
        }

        var offers = (names.IsEmpty ? index.Names : names).SelectMany(index.Versions).Where(p => withYanked || !p.IsYanked).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, session, offers);
            return ExitCode.Ok;
        }

        var table = new Table("PACKAGE", "VERSION", "REMOTE");
        offers.ForEach(p => table.Add(p.Name.Text, p.Version.Text, OfferJson.UrlOf(p, session?.Remotes) ?? p.Remote ?? "-"));
        table.Write(context.Terminal);
        if (offers.Count == 0)
        {
            context.Terminal.Note(PackageNames.NothingPulled(session) ?? "the remotes offer nothing");
        }

        return ExitCode.Ok;
    }

    static void WriteJson(PmContext context, RootSession? session, List<AvailablePackage> offers) =>
        JsonOutput.Write(context.Terminal, "available-list", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("packages"u8);
            foreach (var offer in offers)
            {
                json.WriteStartObject();
                OfferJson.Write(json, offer, session?.Remotes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
