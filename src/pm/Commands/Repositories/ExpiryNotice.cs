using System.Globalization;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Repositories;
using Pm.Trust.Tuf.Changes;

namespace Pm.Cli.Commands.Repositories;

/// <summary>Tells a repository's keeper of lost keys, and of roles that soon are not believed any more, wherever he looks at it.</summary>
static class ExpiryNotice
{
    public static void Say(PmContext context, DirectoryRepository repository)
    {
        var expiring = repository.Expiring(context.Time.GetUtcNow());
        var missing = repository.Missing;
        if (missing is not null)
        {
            SayMissing(context, missing, expiring);
        }

        var change = TryRead(repository);
        foreach (var roles in expiring.Where(role => missing?.Roles.Contains(role.Role) != true).GroupBy(role => (role.IsSecretHere, role.IsHeldUp, IsRenewed(change, role.Role))))
        {
            SayExpiring(context, repository, [.. roles], roles.Key.Item3);
        }

        if (repository.HasPending)
        {
            context.Terminal.Note(change is { IsComplete: true }
                ? $"a change that everybody has signed is not published: `pm repo sign {repository.Path}/pending.json --repo {repository.Path}` does it or says why not"
                : $"a change waits for signatures: pm repo sign {repository.Path}/pending.json shows it");
        }
    }

    static void SayMissing(PmContext context, MissingKeys missing, IReadOnlyList<RoleExpiry> expiring)
    {
        var roles = missing.Roles.Select(name => expiring.FirstOrDefault(role => role.Role == name) is { } role ? $"{name} ({End(role)})" : name);
        context.Terminal.Say($"warning: the {(missing.Roles.Length == 1 ? "key" : "keys")} of {string.Join(" and ", roles)} "
            + $"{(missing.Roles.Length == 1 ? "is" : "are")} not here: {missing.Remedy}");
    }

    /// <summary>One line, and one command, for all that is to be done at once: of two changes the second would be refused.</summary>
    static void SayExpiring(PmContext context, DirectoryRepository repository, IReadOnlyList<RoleExpiry> roles, bool isRenewed)
    {
        var first = roles[0];
        var whose = first.IsSecretHere ? "" : roles.Count == 1 ? ", and its keys are elsewhere" : ", and their keys are elsewhere";
        var how = !first.IsHeldUp
            ? $"pm repo refresh {string.Concat(roles.Where(role => !role.IsSecretHere).Select(role => $"--role {role.Role} "))}{repository.Path}"
            : $"the change that waits for signatures {(isRenewed ? "renews" : "holds up")} {(roles.Count == 1 ? "it" : "them")}, pm repo sign {repository.Path}/pending.json shows it";
        context.Terminal.Say($"warning: {string.Join(", ", roles.Select(role => $"{role.Role} {End(role)}"))}{whose}: {how}");
    }

    static string End(RoleExpiry role)
    {
        var days = Math.Abs((int)role.Left.TotalDays);
        var time = days == 0 ? "less than a day" : string.Create(CultureInfo.InvariantCulture, $"{days} {(days == 1 ? "day" : "days")}");
        return role.Left <= TimeSpan.Zero ? $"expired on {role.Expires:yyyy-MM-dd}, {time} ago" : $"expires on {role.Expires:yyyy-MM-dd}, in {time}";
    }

    static bool IsRenewed(RepositoryChange? change, string role) =>
        role switch { "root" => change?.Root is not null, "targets" => change?.Targets is not null, _ => false };

    static RepositoryChange? TryRead(DirectoryRepository repository)
    {
        try
        {
            return repository.Pending;
        }
        catch (RepositoryException)
        {
            // Damaged: who looks at it is told.
            return null;
        }
    }

    /// <summary>The members <c>expiring</c>, <c>missing</c> and <c>pending</c>.</summary>
    public static void Write(PmContext context, Utf8JsonWriter json, DirectoryRepository repository)
    {
        json.WriteStartArray("expiring"u8);
        foreach (var role in repository.Expiring(context.Time.GetUtcNow()))
        {
            json.WriteStartObject();
            json.WriteString("role"u8, role.Role);
            json.WriteString("expires"u8, role.Expires.UtcDateTime);
            json.WriteBoolean("signs_here"u8, role.IsSecretHere);
            json.WriteBoolean("waits"u8, role.IsHeldUp);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Outcome.WriteTexts(json, "missing", repository.Missing?.Roles ?? []);
        json.WriteBoolean("pending"u8, repository.IsChangeWaiting);
    }
}
