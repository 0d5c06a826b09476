-- Under which name somebody was invited. It goes with the acceptance: an account has a name of its own, or none.
ALTER TABLE members ADD COLUMN invited_name TEXT;
-- The release before this one accepts without knowing of it, and leaves what the person is found by to the Cron.
CREATE TRIGGER member_has_own_name AFTER UPDATE OF user_id ON members WHEN NEW.user_id IS NOT NULL AND NEW.invited_name IS NOT NULL BEGIN UPDATE members SET invited_name = NULL, search_form = 0 WHERE id = NEW.id; END;
-- Whoever joins under that name has the same key as before.
DROP TRIGGER member_has_other_key;
CREATE TRIGGER member_has_other_key AFTER UPDATE OF email_key, user_id ON members WHEN NEW.search_key IS OLD.search_key AND NEW.invited_name IS OLD.invited_name AND (NEW.email_key IS NOT OLD.email_key OR EXISTS (SELECT 1 FROM users u WHERE u.id = NEW.user_id AND NEW.user_id IS NOT OLD.user_id AND u.name IS NOT NULL)) BEGIN UPDATE members SET search_form = 0 WHERE id = NEW.id; END;

-- Whom an entry or a notice is about, by the name of that time.
ALTER TABLE notices ADD COLUMN about_name TEXT;
ALTER TABLE activity ADD COLUMN member_name TEXT;

-- An entry may lose who it was: the address of somebody who never joined as NULL, of an erased person as no characters, and the name with the
-- address. Name, address and IP of whoever did it go together or not at all.
DROP TRIGGER activity_is_final;
CREATE TRIGGER activity_is_final BEFORE UPDATE ON activity WHEN NOT (NEW.id IS OLD.id AND NEW.tenant_id IS OLD.tenant_id AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.actor_id IS OLD.actor_id AND NEW.member_id IS OLD.member_id AND (NEW.member_email IS OLD.member_email OR NEW.member_email IS NULL OR (NEW.member_email = '' AND OLD.member_email IS NOT NULL)) AND (NEW.member_name IS OLD.member_name OR (NEW.member_name IS NULL AND coalesce(NEW.member_email, '') = '')) AND ((NEW.actor_name IS OLD.actor_name AND NEW.actor_email IS OLD.actor_email AND NEW.ip IS OLD.ip) OR (NEW.actor_name = '' AND NEW.actor_email IS NULL AND NEW.ip IS NULL)) AND (NEW.before IS OLD.before OR (NEW.before IS NULL AND OLD.kind IN ('address_changed', 'renamed'))) AND (NEW.after IS OLD.after OR (NEW.after IS NULL AND OLD.kind IN ('address_changed', 'renamed')))) BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;
CREATE TRIGGER activity_forgets_name AFTER UPDATE OF member_email ON activity WHEN NEW.member_name IS NOT NULL AND NEW.member_email IS NOT OLD.member_email BEGIN UPDATE activity SET member_name = NULL WHERE tenant_id = NEW.tenant_id AND at = NEW.at AND id = NEW.id; END;
