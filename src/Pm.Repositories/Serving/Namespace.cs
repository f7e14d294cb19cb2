namespace Pm.Repositories.Serving;

/// <summary>The path of a repository in its server's URLs: <c>darwin/amd64</c>; "" where the server has but one.</summary>
static class Namespace
{
    public const int MaximumLength = 200;
    public const int MaximumParts = 16;

    /// <summary>Null, or why it cannot be one.</summary>
    public static string? Fault(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        var parts = name.Split('/');
        return name.Length > MaximumLength || parts.Length > MaximumParts ? $"it is longer than {MaximumLength} characters or {MaximumParts} parts"
            : !parts.All(IsPart) ? "each part begins with a letter or digit and has only letters, digits and `. _ + ~ -`"
            : ServerPaths.IsReserved(parts[0]) ? $"`{parts[0]}` belongs to the server itself"
            : null;
    }

    static bool IsPart(string part) =>
        part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '~' or '-');
}
