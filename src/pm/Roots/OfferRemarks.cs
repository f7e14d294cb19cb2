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
    /// <summary>Says which packages that come were withdrawn, and which remotes' lists are out of date.</summary>
    /// <returns>Those remotes.</returns>
    public static ImmutableArray<ExpiredList> Write(PmContext context, RootSession session, Proposal proposal)
    {
        foreach (var offer in proposal.Offers.Where(o => o.IsYanked))
        {
            WriteYanked(context, offer);
        }

        var expired = proposal.ExpiredIn(session, context.Time.GetUtcNow());
        Write(context, expired);
        return expired;
    }

    /// <summary>Says which remotes' lists are out of date, and for how long.</summary>
    public static void Write(PmContext context, ImmutableArray<ExpiredList> expired)
    {
        foreach (var (remote, since) in expired)
        {
            var age = since is { } end ? $"its list expired {Age(context.Time.GetUtcNow() - end)} ago ({end:yyyy-MM-dd})" : "nobody vouches for its list any more";
            context.Terminal.Note($"remote `{remote}`: {age}: newer versions may be kept from this machine; `pm pull {remote}`");
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

    static string Age(TimeSpan age) => age.TotalDays >= 2 ? $"{(int)age.TotalDays} days" : age.TotalHours >= 2 ? $"{(int)age.TotalHours} hours" : "moments";
}
