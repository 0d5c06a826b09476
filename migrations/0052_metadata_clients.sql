-- Programs that name themselves by the address of what they say of themselves (client ID metadata documents), as it was read last: where they lead
-- somebody back to. Their name is not kept, since anybody can claim one.
CREATE TABLE metadata_clients (
  id TEXT PRIMARY KEY,
  redirect_uris TEXT NOT NULL CHECK (json_type(redirect_uris) = 'array'),
  read_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX metadata_clients_by_age ON metadata_clients (read_at);

CREATE INDEX app_consents_of_metadata_client ON app_consents (client) WHERE client <> '';

-- Whoever has agreed to such a program has agreed to it as it was: they are asked anew once it leads elsewhere, and once it is not known any more.
CREATE TRIGGER metadata_client_leads_elsewhere AFTER UPDATE OF redirect_uris ON metadata_clients WHEN NEW.redirect_uris <> OLD.redirect_uris BEGIN DELETE FROM app_consents WHERE client = NEW.id AND client <> ''; END;
CREATE TRIGGER metadata_client_is_forgotten AFTER DELETE ON metadata_clients BEGIN DELETE FROM app_consents WHERE client = OLD.id AND client <> ''; END;

-- A workspace that does not take such programs any more takes back what it has let them have.
CREATE TRIGGER metadata_clients_are_refused AFTER UPDATE OF metadata_clients ON tenants WHEN OLD.metadata_clients = 1 AND NEW.metadata_clients = 0 BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = NEW.id AND client <> '' AND ended_at IS NULL; DELETE FROM app_consents WHERE client <> '' AND app_id IN (SELECT id FROM apps WHERE tenant_id = NEW.id AND resource IS NOT NULL); END;
