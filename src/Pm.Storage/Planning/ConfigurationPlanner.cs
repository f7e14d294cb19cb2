using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>The three-way rule for configuration files: what the old package had, what is there, what the new one has.</summary>
sealed class ConfigurationPlanner
{
    readonly DiskView _disk;
    readonly PlanDraft _draft;

    public ConfigurationPlanner(DiskView disk, PlanDraft draft)
    {
        _disk = disk;
        _draft = draft;
    }

    /// <summary>Nobody had edited it.</summary>
    public void Replaced(TreeEntry entry)
    {
        if (entry.IsConfiguration)
        {
            Decide(entry, ConfigurationOutcome.Replaced);
        }
    }

    /// <summary>Somebody edited it, or it was there before the package: it stays.</summary>
    /// <param name="old">Null: no package owned it.</param>
    public void PlanEdited(TreeEntry entry, TreeEntry? old, FileStatus there)
    {
        if (there.IsRegular && !entry.IsLink && _disk.Holds(entry.Path, entry, there))
        {
            // Edited into what the new version is.
            _draft.Replace(entry, there, savedAs: null);
            Decide(entry, ConfigurationOutcome.Replaced);
        }
        else if (old?.Root == entry.Root)
        {
            Decide(entry, ConfigurationOutcome.Kept);
        }
        else
        {
            PutBeside(entry, old);
        }
    }

    void PutBeside(TreeEntry entry, TreeEntry? old)
    {
        var path = entry.Path + PlanSuffix.New;
        for (var i = 2; _disk.Status(path) is { } there; i++)
        {
            var beside = entry.At(path);
            if (_disk.StateOf(beside, there) is FileState.Pristine)
            {
                Decide(entry, ConfigurationOutcome.KeptNewBeside, path);
                return;
            }
            if (old is not null && _disk.StateOf(old.At(path), there) is FileState.Pristine)
            {
                // pm put it there last time and nobody touched it.
                _draft.Replace(beside, there, savedAs: null);
                Decide(entry, ConfigurationOutcome.KeptNewBeside, path);
                return;
            }
            path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{entry.Path}{PlanSuffix.New}.{i}");
        }
        _draft.Add(entry.At(path));
        Decide(entry, ConfigurationOutcome.KeptNewBeside, path);
    }

    void Decide(TreeEntry entry, ConfigurationOutcome outcome, string? beside = null) =>
        _draft.Configuration.Add(new ConfigurationDecision(entry.Path, outcome, beside));
}
