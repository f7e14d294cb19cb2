using System.Globalization;

namespace Pm.Linux;

/// <summary>
/// The users and groups in <c>/etc/passwd</c> and <c>/etc/group</c>; those of a directory service are not among them.
/// The first line of a name or number counts, lines that make no sense are passed over. Source: passwd(5), group(5).
/// </summary>
public sealed class AccountDatabase
{
    const int HomeField = 5;
    static readonly Lazy<AccountDatabase> OfSystem = new(() => Load("/etc"));

    readonly Dictionary<string, uint> _users = [];
    readonly Dictionary<uint, string> _userNames = [];
    readonly Dictionary<uint, string> _homes = [];
    readonly Dictionary<string, uint> _groups = [];
    readonly Dictionary<uint, string> _groupNames = [];

    /// <summary>This system's, read once.</summary>
    public static AccountDatabase System => OfSystem.Value;

    /// <summary>Reads <c>passwd</c> and <c>group</c> in a directory; a file that is missing counts as empty.</summary>
    public static AccountDatabase Load(string directory)
    {
        var accounts = new AccountDatabase();
        foreach (var (fields, id) in Lines(Path.Join(directory, "passwd")))
        {
            accounts._users.TryAdd(fields[0], id);
            accounts._userNames.TryAdd(id, fields[0]);
            if (fields.Length > HomeField)
            {
                accounts._homes.TryAdd(id, fields[HomeField]);
            }
        }
        foreach (var (fields, id) in Lines(Path.Join(directory, "group")))
        {
            accounts._groups.TryAdd(fields[0], id);
            accounts._groupNames.TryAdd(id, fields[0]);
        }
        return accounts;
    }

    public uint? UserId(string name) => _users.TryGetValue(name, out var id) ? id : null;

    public string? UserName(uint id) => _userNames.GetValueOrDefault(id);

    /// <summary>The user's home directory, or null.</summary>
    public string? Home(uint id) => _homes.GetValueOrDefault(id);

    public uint? GroupId(string name) => _groups.TryGetValue(name, out var id) ? id : null;

    public string? GroupName(uint id) => _groupNames.GetValueOrDefault(id);

    /// <summary>In both files the name is the first field and the number the third.</summary>
    static IEnumerable<(string[] Fields, uint Id)> Lines(string path)
    {
        foreach (var line in ProcessProbe.Lines(path))
        {
            var fields = line.Split(':');
            if (fields.Length > 2 && fields[0].Length > 0 && fields[0][0] != '#'
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                yield return (fields, id);
            }
        }
    }
}
