using System.Collections.Immutable;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Packages.Index;
using Pm.Stages.Changes;
using Pm.Stages.Roots;

namespace Pm.Cli.Roots;

/// <summary>What a person should know of the offers that a command goes by, though it goes on.</summary>
static class OfferRemarks
{
    /// <summary>Says which packages that come were withdrawn, and which remotes' lists are out of date; nothing comes by those but offline.</summary>
    /// <returns>Those remotes.</returns>
    /// <exception cref="Pm.Stages.StageException">PM7507: something would.</exception>
    public static ImmutableArray<ExpiredList> Write(PmContext context, RootSession session, Proposal proposal)
    {
        foreach (var offer in proposal.Offers.Where(o => o.IsYanked))
        {
            WriteYanked(context, offer);
        }

        var now = context.Time.GetUtcNow();
        if (!context.Settings.Offline)
        {
            proposal.RequireVouched(session, now);
        }

        var expired = proposal.ExpiredIn(session, now);
        Write(context, expired);
        return expired;
    }

    /// <summary>Says which remotes' lists are out of date, and for how long.</summary>
    public static void Write(PmContext context, ImmutableArray<ExpiredList> expired)
    {
        foreach (var list in expired)
        {
            context.Terminal.Note(
                $"remote `{list.Remote}`: {list.Describe(context.Time.GetUtcNow())}: newer versions may be kept from this machine; `pm pull {list.Remote}`");
        }
    }

    /// <summary>The member <c>expired</c>, where there is something to say.</summary>
    public static void WriteJson(Utf8JsonWriter json, ImmutableArray<ExpiredList> expired)
    {
        if (expired.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("expired"u8);
        foreach (var (remote, since) in expired)
        {
            json.WriteStartObject();
            json.WriteString("remote"u8, remote);
            json.WriteString("since"u8, since is { } end ? PackageJson.Time(end) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteYanked(PmContext context, AvailablePackage offer) => context.Terminal.Note(
        Hostile.OneLine($"{offer.Id} was yanked{(offer.YankReason is { Length: > 0 } reason ? $": {reason}" : "")}"));
}
