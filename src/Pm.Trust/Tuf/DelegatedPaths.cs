using System.Collections.Immutable;
using System.Text;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>Which of the roles that a targets role delegates to may speak for a path. Source: TUF 4.5, 5.6.7.</summary>
public sealed class DelegatedPaths
{
    readonly ImmutableArray<DelegatedRole> _roles;
    readonly Dictionary<string, List<int>> _byPrefix = new(StringComparer.Ordinal);
    readonly int[] _prefixLengths;
    readonly int[] _byPattern;

    /// <param name="roles">In the order in which they are asked.</param>
    public DelegatedPaths(ImmutableArray<DelegatedRole> roles)
    {
        _roles = roles;
        for (var role = 0; role < roles.Length; role++)
        {
            foreach (var prefix in roles[role].PathHashPrefixes ?? [])
            {
                (_byPrefix.TryGetValue(prefix, out var same) ? same : _byPrefix[prefix] = []).Add(role);
            }
        }

        _prefixLengths = [.. _byPrefix.Keys.Select(prefix => prefix.Length).Distinct()];
        _byPattern = [.. Enumerable.Range(0, roles.Length).Where(role => roles[role].Paths is not null)];
        AreDisjoint = _byPattern.Length == 0 && _prefixLengths.Length <= 1 && _byPrefix.Values.All(roles => roles.Count == 1);
    }

    /// <summary>Whether no path can be two roles': then each is read without the others. So it is with hashed bins.</summary>
    public bool AreDisjoint { get; }

    /// <summary>Whether a role may speak for a path: it is the role's, and no role that ends the search is asked before.</summary>
    /// <param name="role">Its place in the delegations.</param>
    /// <param name="path">Of a target.</param>
    public bool MaySpeak(int role, string path) => RolesFor(path).Contains(role);

    /// <summary>The roles that are asked for a path, in their order, up to the first that ends the search.</summary>
    public IEnumerable<int> RolesFor(string path)
    {
        var digest = _prefixLengths.Length == 0 ? "" : Sha256Digest.Of(Encoding.UTF8.GetBytes(path)).ToString();
        var roles = _prefixLengths.Where(length => length <= digest.Length)
            .SelectMany(length => _byPrefix.GetValueOrDefault(digest[..length], []))
            .Concat(_byPattern.Where(role => _roles[role].Paths!.Value.Any(pattern => PathPattern.Matches(pattern, path))))
            .Order();
        foreach (var role in roles.Distinct())
        {
            yield return role;
            if (_roles[role].IsTerminating)
            {
                yield break;
            }
        }
    }
}
